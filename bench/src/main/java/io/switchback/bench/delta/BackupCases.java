package io.switchback.bench.delta;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Tools that keep what changed rather than bring another disk up to it: their later runs. */
final class BackupCases {
  private static final String NAME = "backup after the first, 1 % changed";

  private final Stage stage;
  private final Report report;

  BackupCases(Stage stage, Report report) {
    this.stage = stage;
    this.report = report;
  }

  void restic() throws IOException, InterruptedException {
    String repository = stage.folder().resolve("restic").toString();
    Map<String, String> environment =
        Map.of(
            "RESTIC_PASSWORD",
            "bench",
            "RESTIC_CACHE_DIR",
            stage.folder().resolve("restic-cache").toString());
    String[] backup = {"restic", "-q", "-r", repository, "backup", stage.target().toString()};
    again("restic", environment, _ -> backup, "restic", "-q", "-r", repository, "init");
  }

  void borg() throws IOException, InterruptedException {
    Path repository = stage.folder().resolve("borg");
    Map<String, String> environment =
        Map.of(
            "BORG_BASE_DIR",
            stage.folder().resolve("borg-base").toString(),
            "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK",
            "yes");
    again(
        "borg",
        environment,
        run -> create(repository, run),
        "borg",
        "init",
        "-e",
        "none",
        repository.toString());
  }

  private String[] create(Path repository, int run) {
    return new String[] {
      "borg",
      "create",
      "--compression",
      "lz4",
      "--chunker-params",
      "fixed,4194304",
      repository + "::run" + run,
      stage.target().toString()
    };
  }

  /**
   * @param backup the command of a run
   */
  private void again(
      String tool, Map<String, String> environment, IntFunction<String[]> backup, String... init)
      throws IOException, InterruptedException {
    if (!Tools.has(tool)) {
      report.leaveOut(NAME, tool + " is not installed");
      return;
    }
    if (stage.isTimeUp()) {
      report.leaveOut(NAME, "the time for " + tool + " is up");
      return;
    }
    Tools.run(environment, init);
    Tools.run(environment, backup.apply(-1));
    Measured measured = new Measured(NAME);
    for (int run = 0; stage.isRun(run, stage.runs()); run++) {
      var _ = stage.change(1);
      measured.add(tool, Tools.taken(environment, backup.apply(run)));
    }
    report.add(measured, List.of());
  }
}
