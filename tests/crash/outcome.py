"""What a test that kills counts, and how it ends; shared by run.py and serve.py."""


class Outcome:
    def __init__(self):
        self.problems = []
        self.lost = set()
        self.acknowledged = self.repeated = self.found = 0

    def problem(self, text):
        self.problems.append(text)

    def check_states(self, connection):
        """Each turn's state is whole, or a patch of that of the turn before."""
        stateless = connection.execute(
            "SELECT count(*) FROM turn LEFT JOIN turn AS before ON before.number = turn.base AND before.conversation = turn.conversation"
            " AND before.version + 1 = turn.version AND before.state IS NOT NULL"
            " WHERE turn.state IS NULL OR (turn.base IS NOT NULL AND before.number IS NULL)").fetchone()[0]
        if stateless:
            self.problem(f"{stateless} turns whose state cannot be told")

    def close(self, seed, kills, stored, expect_loss):
        """Prints what was found; the exit status. expect_loss: of the control, which passes only if it lost something."""
        print(f"seed {seed}: {kills} kills, {self.acknowledged} turns acknowledged, {stored} stored, "
              f"{self.found} found stored but not acknowledged, {self.repeated} repeated, {len(self.lost)} lost, "
              f"{len(self.problems)} problems")
        for problem in self.problems[:20]:
            print(problem)
        if expect_loss:
            print("the control lost turns, as it must" if self.lost else "the control lost nothing: this test is blind")
            return 0 if self.lost else 1
        return 1 if self.problems else 0
