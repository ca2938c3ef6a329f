"""Rules, grants and calls, made at random from few enough words that they often meet."""

from hypothesis import strategies as st

from agents_app.conditions import Condition, Operator
from agents_app.policy import Asking, Call, Effect, Grant, OnTimeout, Role, Rule

TOOLS = ["refund_order", "refund_all", "lookup_order"]
PATTERNS = [*TOOLS, "*", "refund_*", "look??_order", "[lr]*", ""]
AGENTS = ["", "demo", "other"]
NAMES = ["amount", "order"]
VALUES = st.sampled_from([0, 1, 99.5, 100, 101, "100", "100.00", "1e3", "many", "", True, "NaN", None])

conditions = st.builds(
    Condition,
    argument=st.sampled_from(NAMES),
    operator=st.sampled_from(list(Operator)),
    value=st.sampled_from([0, "100", 100.5, "m*", True]),
)
askings = st.builds(
    Asking,
    role=st.sampled_from(list(Role)),
    approvals=st.integers(1, 3),
    timeout_seconds=st.sampled_from([60, 600]),
    on_timeout=st.sampled_from(list(OnTimeout)),
    separate_requester=st.booleans(),
)
rules = st.builds(
    Rule,
    name=st.sampled_from(["a", "b", "c"]),
    effect=st.sampled_from(list(Effect)),
    tool=st.sampled_from(PATTERNS),
    agent=st.sampled_from(AGENTS),
    conditions=st.lists(conditions, max_size=2).map(tuple),
    priority=st.integers(1, 3),
    asking=askings,
    message=st.sampled_from(["", "No."]),
)
arguments = st.dictionaries(st.sampled_from(NAMES), VALUES | st.lists(VALUES, max_size=1))
calls = st.builds(
    Call,
    tool=st.sampled_from(TOOLS),
    agent=st.sampled_from(AGENTS[1:]),
    arguments=arguments,
    requesters=st.frozensets(st.sampled_from(["user:anna", "user:ben"])),
)
grants = st.builds(
    Grant,
    id=st.sampled_from(["1", "2", "3"]),
    tool=st.sampled_from(TOOLS),
    conditions=st.lists(conditions, max_size=2).map(tuple),
    role=st.sampled_from(list(Role)),
    created_by=st.sampled_from(["user:anna", "user:ben"]),
)
