"""When a person is wanted that nobody asked for."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from sessions_app.actors import Actor
from sessions_app.models import AuditEntry, Handoff, HandoffRule, Session, Workspace
from sessions_app.services.accepting import accept_session
from sessions_app.services.handoff_rules import look_at_confidence, look_at_failures, said_in
from sessions_app.services.messages import Role, Said, say
from sessions_app.services.returning import return_session

pytestmark = pytest.mark.django_db(transaction=True)


def rule(session: Session, kind: str, name: str = "r", **more: Any) -> HandoffRule:
    made = HandoffRule(workspace=session.workspace, name=name, kind=kind, **more)
    made.full_clean()
    made.save()
    return made


def hears(session: Session, text: str, actor: Actor) -> Said:
    return say(session, text, actor=actor, role=Role.CUSTOMER)


@pytest.mark.parametrize(
    ("keyword", "text", "expected"),
    [
        ("human", "I want a HUMAN!", True),
        ("human", "humanity", False),
        ("human", "inhuman", False),
        ("real person", "a  real\nperson, please", True),
        ("c++", "I hate c++.", True),
        ("人工", "我要人工客服", True),
        ("担当者", "担当者と話したい", True),
        ("agent", "agentと話したい", False),
        ("straße", "STRASSE", True),
        ("humano", "\uff28umano", True),
        ("año", "un an\u0303o", True),
    ],
)
def test_keywords_are_whole_words_where_the_script_has_spaces(keyword: str, text: str, expected: bool) -> None:
    assert said_in([keyword], text) is expected


def test_a_keyword_brings_a_person_and_the_agent_does_not_answer(session: Session, customer_actor: Actor) -> None:
    rule(session, "keyword", "wishes", keywords=["human", "complaint"], priority="high")
    said = hears(session, "A complaint!", customer_actor)
    assert said.run_id is None
    handoff = Handoff.objects.get()
    assert (handoff.trigger, handoff.priority, handoff.reason) == ("keyword", "high", "Rule wishes")
    assert handoff.since_seq == said.seq - 1 and handoff.speakers == ["customer:carla"]
    entry = AuditEntry.objects.get(action="handoff.requested")
    assert (entry.actor_kind, entry.role, entry.details["trigger"]) == ("system", "system", "keyword")


def test_what_operators_say_matches_no_rule(session: Session, operator_actor: Actor, customer_actor: Actor) -> None:
    accept_session(session, actor=operator_actor)
    rule(session, "keyword", keywords=["human"])
    say(session, "I am human.", actor=operator_actor, role=Role.OPERATOR)
    hears(session, "A human!", customer_actor)
    assert Handoff.objects.count() == 1


def test_other_words_disabled_rules_and_other_workspaces_bring_nobody(
    session: Session, other_workspace: Workspace, customer_actor: Actor
) -> None:
    rule(session, "keyword", keywords=["human"])
    rule(session, "keyword", "off", keywords=["hello"], enabled=False)
    HandoffRule.objects.create(workspace=other_workspace, name="theirs", kind="keyword", keywords=["hello"])
    assert hears(session, "hello", customer_actor).run_id is not None


def test_of_several_rules_the_most_urgent_speaks(session: Session, customer_actor: Actor) -> None:
    for name, priority in (("a", "low"), ("b", "urgent"), ("c", "high")):
        rule(session, "keyword", name, keywords=["human"], priority=priority)
    hears(session, "human", customer_actor)
    assert (Handoff.objects.get().priority, Handoff.objects.get().reason) == ("urgent", "Rule b")


def test_a_vip_gets_a_person_at_the_first_word_and_is_the_agents_when_given_back(
    session: Session, customer_actor: Actor, operator_actor: Actor
) -> None:
    rule(session, "vip", priority="urgent")
    Session.objects.update(metadata={"vip": True})
    assert hears(session, "hello", customer_actor).run_id is None
    assert Handoff.objects.get().trigger == "vip"
    accept_session(session, actor=operator_actor)
    say(session, "Welcome.", actor=operator_actor, role=Role.OPERATOR)
    return_session(session, summary="", actor=operator_actor)
    assert hears(session, "hello", customer_actor).run_id is not None


@pytest.mark.parametrize("vip", ["true", 1, False, None])
def test_only_true_is_a_vip(session: Session, customer_actor: Actor, vip: object) -> None:
    rule(session, "vip")
    Session.objects.update(metadata={"vip": vip})
    assert hears(session, "hello", customer_actor).run_id is not None


def test_failures_count_from_as_many_as_the_rule_says(session: Session) -> None:
    rule(session, "failures", failures=2)
    assert not look_at_failures(session, in_a_row=1)
    assert look_at_failures(session, in_a_row=2)
    assert Handoff.objects.get().reason == "Rule r: 2 failed in a row"
    assert not look_at_failures(session, in_a_row=3)


def test_confidence_counts_below_what_the_rule_says(session: Session) -> None:
    rule(session, "low_confidence", confidence=0.4)
    assert not look_at_confidence(session, 0.4)
    assert look_at_confidence(session, 0.39)
    assert Handoff.objects.get().trigger == "low_confidence"


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("keyword", {}),
        ("keyword", {"keywords": ["  "]}),
        ("keyword", {"keywords": "human"}),
        ("keyword", {"keywords": [1]}),
        ("failures", {}),
        ("failures", {"failures": 0}),
        ("low_confidence", {}),
        ("low_confidence", {"confidence": 1.5}),
        ("weather", {}),
    ],
)
def test_a_rule_says_what_its_kind_needs(session: Session, kind: str, more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        rule(session, kind, **more)
