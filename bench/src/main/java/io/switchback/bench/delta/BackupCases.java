package io.switchback.bench.delta;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Tools that keep what changed rather than bring another disk up to it: their second run. */
final class BackupCases {
  private static final String NAME = "second backup, 1 % changed";

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
    twice("restic", environment, backup, backup, "restic", "-q", "-r", repository, "init");
  }

  void borg() throws IOException, InterruptedException {
    Path repository = stage.folder().resolve("borg");
    Map<String, String> environment =
        Map.of(
            "BORG_BASE_DIR",
            stage.folder().resolve("borg-base").toString(),
            "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK",
            "yes");
    twice(
        "borg",
        environment,
        create(repository, "first"),
        create(repository, "second"),
        "borg",
        "init",
        "-e",
        "none",
        repository.toString());
  }

  private String[] create(Path repository, String archive) {
    return new String[] {
      "borg",
      "create",
      "--compression",
      "lz4",
      "--chunker-params",
      "fixed,4194304",
      repository + "::" + archive,
      stage.target().toString()
    };
  }

  private void twice(
      String tool, Map<String, String> environment, String[] first, String[] second, String... init)
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
    Tools.run(environment, first);
    var _ = stage.change(1);
    Measured measured = new Measured(NAME);
    measured.add(tool, Tools.taken(environment, second));
    report.add(measured, List.of());
  }
}
