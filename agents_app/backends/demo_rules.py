"""The rules of the demo model: from what the customer said last, and what came back since, to the next answer.

Pure functions. A rule is a pattern and a function that gives the plan of the next answer, or of the last one when
its calls have come back.
"""

import re
from collections.abc import Callable, Collection, Sequence

from agents_app.backends.demo_orders import plan_lookup, plan_refund
from agents_app.backends.demo_plan import Call, Outcome, Pace, Plan, Result, Say, Think
from agents_app.backends.human_part import HumanPart

Rule = Callable[[re.Match[str], Sequence[Result]], Plan]

# What did the operator say?
RECALL = r"\bwhat (?:did|has) (?:the |your )?(?:operator|person|human|colleague)\b"
STATE_CONFIDENCE = "state_confidence"
INTRODUCTION = "I am a rule-based demo, not a language model."
ABILITIES = (
    "I understand: hello · where is order 1001 · refund order 1001 · refund order 1001 20.50 · slow 5 · big 20000 · "
    "plan a shop · ask me · human please · what did the operator say · fail."
)
LONGEST_SECONDS = 600
LARGEST_CHARACTERS = 1_000_000
WORDS_PER_SECOND = 10
WORDS = ("one", "word", "after", "the", "other,", "without", "any", "hurry,")
SHOP_PLAN = """# A small web shop

## What it sells
Twelve products at first, each with a photo, a price and a stock count.

## Steps
1. Catalogue: list, search, product page
2. Basket and checkout with one payment provider
3. Orders: confirmation mail, status page, refunds
4. Back office: stock, orders, customers

## Open questions
- Which countries do we ship to?
- Who answers customers at the weekend?
"""


def plan_answer(
    prompt: str, results: Sequence[Result], tools: Collection[str], human_part: HumanPart | None = None
) -> Plan:
    """Plan the next answer to `prompt`, of which `results` have come back. Only `tools` are ever called.

    `human_part` is what people last said in its place.
    """
    if re.search(RECALL, prompt, re.IGNORECASE):
        return recall(human_part)
    for pattern, rule in RULES:
        if match := re.search(pattern, prompt, re.IGNORECASE):
            return _without_missing_tools(rule(match, results), tools)
    if not results and STATE_CONFIDENCE in tools:
        return (Call(STATE_CONFIDENCE, {"confidence": 0.1}),)
    return (Say(f"I did not understand that. {INTRODUCTION} {ABILITIES}"),)


def recall(human_part: HumanPart | None) -> Plan:
    """Quote what people said, and nothing else: a rule-based demo draws no conclusions."""
    if human_part is None:
        return (Say("As far as I know no person has spoken here."),)
    told = [f"Their summary: “{human_part.summary}”"] if human_part.summary else []
    if human_part.last_words:
        told.append(f"Their last words: “{human_part.last_words}”")
    return (Say(" ".join(told) or "A person was asked for, and none has said anything."),)


def _without_missing_tools(plan: Plan, tools: Collection[str]) -> Plan:
    missing = [piece.tool_name for piece in plan if isinstance(piece, Call) and piece.tool_name not in tools]
    return (Say(f"For that I need the tool {missing[0]}, which this agent was not given."),) if missing else plan


def greet(match: re.Match[str], results: Sequence[Result]) -> Plan:
    return (Think("Somebody greets me. "), Say(f"Hello! {INTRODUCTION} {ABILITIES}"))


def speak_slowly(match: re.Match[str], results: Sequence[Result]) -> Plan:
    seconds = min(int(match[1]), LONGEST_SECONDS)
    words = [WORDS[i % len(WORDS)] for i in range(seconds * WORDS_PER_SECOND)]
    return (Say(" ".join([*words, "done."]), Pace.SLOW),)


def speak_at_length(match: re.Match[str], results: Sequence[Result]) -> Plan:
    size = min(int(match[1]), LARGEST_CHARACTERS)
    line = "All work and no play makes a long message. "
    return (Say((line * (size // len(line) + 1))[:size], Pace.BULK),) if size else (Say("That is nothing at all."),)


def plan_shop(match: re.Match[str], results: Sequence[Result]) -> Plan:
    if not results:
        arguments = {"title": "A small web shop", "markdown": SHOP_PLAN}
        return (
            Think("A plan is worth a document. "),
            Say("I will write that down as a document."),
            Call("write_document", arguments),
        )
    return (Say("The plan is ready: A small web shop."),) if _done(results) else _not_done("write it", results)


def ask_back(match: re.Match[str], results: Sequence[Result]) -> Plan:
    if not results:
        return (Say("Gladly."), Call("ask_customer", {"question": "What is your favourite colour?"}))
    return (Say(f"You answered: {results[-1].content}"),) if _done(results) else _not_done("ask", results)


def call_a_person(match: re.Match[str], results: Sequence[Result]) -> Plan:
    if not results:
        return (
            Say("I will ask for a person."),
            Call("request_human", {"reason": "The customer asked for a person."}),
        )
    return (Say("A person will be with you soon."),) if _done(results) else _not_done("call a person", results)


def break_down(match: re.Match[str], results: Sequence[Result]) -> Plan:
    if not results:
        return (Say("I will use a tool that fails."), Call("always_fails"))
    return _not_done("use it", results)


def _done(results: Sequence[Result]) -> bool:
    return results[-1].outcome is Outcome.DONE


def _not_done(what: str, results: Sequence[Result]) -> Plan:
    return (Say(f"I could not {what}: {results[-1].content}"),)


# The first match counts, so the narrow patterns stand above the wide ones.
RULES: tuple[tuple[str, Rule], ...] = (
    (r"\brefund\b.*?\border\s+#?(\d{1,9})\b(?:\s+(\d+(?:\.\d+)?))?", plan_refund),
    (r"\border\s+#?(\d{1,9})\b", plan_lookup),
    (r"\bslow\s+(\d{1,9})\b", speak_slowly),
    (r"\bbig\s+(\d{1,9})\b", speak_at_length),
    (r"\bplan a shop\b", plan_shop),
    (r"\bask me\b", ask_back),
    (r"\bhuman please\b", call_a_person),
    (r"^\s*fail\b", break_down),
    (r"\b(?:hello|hi)\b", greet),
)
