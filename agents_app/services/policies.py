"""A workspace's rules, changed with their history: every wording is kept under its number, with who, when and why."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from agents_app.exceptions import RuleChanged
from agents_app.models import Agent, PolicyRule, RuleVersion
from agents_app.models.rule_version import wording_of
from sessions_app.actors import Actor
from sessions_app.events.encoding import clean
from sessions_app.exceptions import Unprocessable
from sessions_app.models import Workspace
from sessions_app.services.audit import write_audit

Change = RuleVersion.Change
# Who acts, as somebody of this workspace.
ActorIn = Callable[[Workspace], Actor]


@transaction.atomic
def add_rule(
    rule: PolicyRule, *, actor: Actor, reason: str = "", change: RuleVersion.Change = Change.ADDED
) -> PolicyRule:
    """Save a new rule. It counts on from an earlier rule of its name, so that no number ever has two wordings."""
    earlier = RuleVersion.objects.filter(workspace=rule.workspace, name=rule.name)
    rule.version = (earlier.aggregate(last=Max("number"))["last"] or 0) + 1
    rule.save(force_insert=True)
    _keep(rule, rule.version, change, actor, reason, {"now": wording_of(rule)})
    return rule


@transaction.atomic
def change_rule(
    rule: PolicyRule, *, seen: int, actor: Actor, reason: str = "", change: RuleVersion.Change = Change.CHANGED
) -> PolicyRule:
    """Give a rule the wording that this row has, under the next number. Without a difference nothing happens.

    Raises RuleChanged when `seen` is no longer its version: whoever is second looks at what the first one did.
    """
    before = PolicyRule.objects.select_related("agent", "workspace").filter(pk=rule.pk).first()
    if before is None or before.version != seen:
        raise who_was_faster(rule)
    was, now = wording_of(before), wording_of(rule)
    if was == now:
        return before
    _keep_found(before)
    fields = {field: getattr(rule, field) for field in PolicyRule.WORDING}
    # Two may have read the same version: the first UPDATE stands.
    standing = PolicyRule.objects.filter(pk=rule.pk, version=seen)
    if not standing.update(**fields, agent=rule.agent, version=seen + 1, updated_at=timezone.now()):
        raise who_was_faster(rule)
    rule.version = seen + 1
    _keep(rule, rule.version, change, actor, reason, {"changes": _differences(was, now)})
    return rule


@transaction.atomic
def delete_rule(rule: PolicyRule, *, actor: Actor, reason: str = "") -> None:
    """Take a rule out of the policy. Its versions stay, the last one says so. Raises RuleChanged as a change does."""
    _keep_found(rule)
    wording = wording_of(rule)
    deleted, _ = PolicyRule.objects.filter(pk=rule.pk, version=rule.version).delete()
    if not deleted:
        raise who_was_faster(rule)
    _keep(rule, rule.version + 1, Change.DELETED, actor, reason, {"was": wording})


@transaction.atomic
def delete_rules(rules: QuerySet[PolicyRule], *, actor_in: ActorIn, reason: str = "") -> None:
    """Take several rules out of the policy: all of them or, when something is raised, none."""
    for rule in hold_rules(rules):
        delete_rule(rule, actor=actor_in(rule.workspace), reason=reason)


def hold_rules(rules: QuerySet[PolicyRule]) -> list[PolicyRule]:
    """Lock rules that are about to be deleted in one transaction, in the order in which to delete them.

    A change takes its rule first and the chain's head last. Whoever deletes a second rule holds the head already, so
    all rules are taken before the first is deleted.
    """
    ordered = PolicyRule.objects.filter(pk__in=list(rules.values_list("pk", flat=True))).order_by("workspace_id", "pk")
    with_names = ordered.select_related("workspace", "agent")
    for rule in with_names.all():
        _keep_found(rule)
    list(ordered.select_for_update().values_list("pk"))
    # Read once they are ours: somebody may have been faster until then.
    return list(with_names.all())


@transaction.atomic
def restore_version(version: RuleVersion, *, seen: int | None, actor: Actor, reason: str = "") -> PolicyRule:
    """Give a rule an earlier wording again, as a new version; a deleted rule is added anew.

    `seen` is the version that it shall replace, None for a rule that is gone. Raises RuleChanged when that is not how
    the rule stands, and Unprocessable when the wording is for an agent that is gone.
    """
    wording = dict(version.wording)
    agent, name = None, wording.pop("agent")
    if name:
        agent = Agent.objects.filter(workspace=version.workspace, name=name).first()
        if agent is None:
            raise Unprocessable(f"This wording is for the agent {name}, and there is none of that name any more.")
    reason = f"As in v{version.number}. {reason}".strip()
    rule = PolicyRule.objects.filter(workspace=version.workspace, name=version.name).first()
    if (rule.version if rule else None) != seen:
        raise who_was_faster(rule or PolicyRule(workspace=version.workspace, name=version.name))
    if rule is None:
        rule = PolicyRule(workspace=version.workspace, name=version.name, agent=agent, **wording)
        return add_rule(rule, actor=actor, reason=reason, change=Change.RESTORED)
    rule.agent = agent
    for field, value in wording.items():
        setattr(rule, field, value)
    return change_rule(rule, seen=rule.version, actor=actor, reason=reason, change=Change.RESTORED)


def version_named(workspace_id: int, named: str) -> RuleVersion | None:
    """The wording that a ruling or a request names: "refunds above 100 v3". None for defaults, and when it is lost."""
    name, _, number = named.rpartition(" v")
    if not (name and number.isascii() and number.isdigit()):
        return None
    return RuleVersion.objects.filter(workspace=workspace_id, name=name, number=int(number)).first()


def who_was_faster(rule: PolicyRule) -> RuleChanged:
    """What the second of two people is told."""
    last = RuleVersion.objects.filter(workspace=rule.workspace, name=rule.name).order_by("-number").first()
    if last is None or not last.actor:
        return RuleChanged()
    return RuleChanged(f"{last.actor} was faster: {last} is {last.change}. Look at it before you change it.")


def _keep_found(rule: PolicyRule) -> None:
    """A wording that no service made is about to go: keep it, too."""
    RuleVersion.objects.get_or_create(
        workspace=rule.workspace,
        name=rule.name,
        number=rule.version,
        defaults={"change": Change.FOUND, "wording": wording_of(rule), "at": rule.updated_at},
    )


def _keep(
    rule: PolicyRule,
    number: int,
    change: RuleVersion.Change,
    actor: Actor,
    reason: str,
    details: Mapping[str, Any],
) -> None:
    version = RuleVersion.objects.create(
        workspace=rule.workspace,
        name=rule.name,
        number=number,
        change=change,
        wording=wording_of(rule),
        actor=str(actor),
        role=actor.role,
        reason=clean(reason),
    )
    write_audit(
        rule.workspace,
        f"policyrule.{change}",
        actor=actor,
        target=rule.pk or "",
        reason=reason,
        details={"rule": str(version), **details},
    )


def _differences(was: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {field: {"from": was[field], "to": now[field]} for field in now if was[field] != now[field]}
