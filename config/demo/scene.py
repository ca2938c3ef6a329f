"""The conversation that is played: an order looked up, a refund allowed, another one denied, and what came of both."""

from contextlib import suppress
from decimal import Decimal

from config.demo.ear import Ear
from config.demo.heard import Missed
from config.demo.log_checks import missed_in_log
from config.demo.product import Product
from config.demo.run_checks import (
    REFUND,
    Step,
    approved_steps,
    denied_steps,
    executed,
    lookup_steps,
    missed_in_run,
    refunded_so_far,
)
from config.demo.screen import Screen

# As little as there is, so that the demo orders last for a long time.
AMOUNT = Decimal("0.01")
DENIAL = "Refunds are paused until Monday."


async def play(product: Product, screen: Screen, *, order: int) -> None:
    """Play it once, in a session of its own. Raises Missed for the first thing that did not happen as promised."""
    session = await product.open_session()
    screen.note(f"session {session}, order {order}")
    try:
        async with await product.stream(session) as source:
            ear = Ear(source, screen.show)
            await ear.until(lambda event: event.type == "connected", "connected")
            await Scene(product, screen, ear, session, order).play()
            await product.close(session)
            await ear.until(lambda event: event.type == "session_closed", "session_closed")
            if missed := missed_in_log(ear.heard):
                raise Missed(missed[0])
    except BaseException:
        screen.end()
        with suppress(Missed):
            await product.close(session)
        raise


class Scene:
    """A customer and a person who decides, in one session."""

    def __init__(self, product: Product, screen: Screen, ear: Ear, session: str, order: int) -> None:
        self._product = product
        self._screen = screen
        self._ear = ear
        self._session = session
        self._order = order

    async def play(self) -> None:
        before = await self._ask_where()
        await self._refund(approve=True, reason="A cent is fine.", steps=approved_steps(str(AMOUNT)))
        after = await self._ask_where()
        self._screen.note(f"refunded: {before} before, {after} now")
        if after != before + AMOUNT:
            raise Missed(f"The approved refund changed the order from {before} to {after} refunded.")
        denied = await self._refund(approve=False, reason=DENIAL, steps=denied_steps(DENIAL))
        if executed(self._ear.heard, denied, REFUND):
            raise Missed("The denied refund was executed.")
        if (left := await self._ask_where()) != after:
            raise Missed(f"The denied refund changed the order from {after} to {left} refunded.")

    async def _ask_where(self) -> Decimal:
        """Ask for the order; how much of it the agent found to be refunded."""
        run = await self._product.say(self._session, f"Where is order {self._order}?")
        await self._hear_out(run, lookup_steps())
        return refunded_so_far(self._ear.heard, run)

    async def _refund(self, *, approve: bool, reason: str, steps: list[Step]) -> str:
        run = await self._product.say(self._session, f"Please refund order {self._order} {AMOUNT}")
        request = await self._ear.until(
            lambda event: event.run == run and event.type == "permission_request", "permission_request", run=run
        )
        await self._product.decide(request.data["request_id"], approve=approve, reason=reason)
        await self._hear_out(run, steps)
        return run

    async def _hear_out(self, run: str, steps: list[Step]) -> None:
        await self._ear.until_end(run)
        if (missed := missed_in_run(self._ear.heard, run, steps)) is not None:
            raise Missed(f"The stream did not show {missed}.")
