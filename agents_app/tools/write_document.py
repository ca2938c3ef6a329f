"""Put a document into the session, where everyone who may see it can read it."""

from agents_app.tools.base import Risk, Tool, ToolContext


async def write_document(context: ToolContext, title: str, markdown: str) -> dict[str, str]:
    """Hand a finished document over to the customer.

    Args:
        title: A short title.
        markdown: The whole text of the document, in Markdown.
    """
    await context.progress(0.5, f"Writing {title}")
    artifact_id = await context.artifact(kind="document", title=title, content=markdown)
    return {"artifact_id": artifact_id, "title": title}


WRITE_DOCUMENT = Tool("write_document", write_document, Risk.LOW)
