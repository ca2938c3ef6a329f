"""Several processes behind one port."""

from contextlib import ExitStack
from pathlib import Path

from config.serving.listening import listen
from tests.serving.processes import WebProcess, wait_for


def test_processes_share_a_socket_and_leave_it_one_by_one(children: ExitStack, tmp_path: Path) -> None:
    with listen("127.0.0.1", 0) as listening:
        webs = [children.enter_context(WebProcess(tmp_path / f"web{number}.log", {}, listening)) for number in (1, 2)]
        served: set[int] = set()

        def both_have_served() -> bool:
            served.add(int(webs[0].answer("/process-id").rsplit(b"\r\n", 1)[1]))
            return len(served) == 2

        wait_for(both_have_served, "an answer by each")
        assert served == {web.pid for web in webs}
        webs[0].terminate()
        assert webs[0].exit_code() == 0
        assert webs[1].answer("/process-id").endswith(b"%d" % webs[1].pid)
