"""How an agent is asked to write for an operator instead of speaking itself."""

BEGINNING = "[From an operator, not from the customer] Draft the next message to the customer"


def draft_prompt(language: str) -> str:
    """The request, in the words every model gets. `language` is the session's, "" when nobody said."""
    tongue = f"in the language {language!r}" if language else "in the customer's language"
    return (
        f"{BEGINNING}. I will read it, change it and send it myself, so write nothing but the message, {tongue}. "
        "Say only what this conversation tells. Where a fact or a decision is missing, leave a gap for me "
        "in square brackets. You have no tools now and can promise nothing that has not been done."
    )


def is_draft_prompt(text: str) -> bool:
    return text.startswith(BEGINNING)
