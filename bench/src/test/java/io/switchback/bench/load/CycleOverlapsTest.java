package io.switchback.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CycleOverlapsTest {
  @TempDir private Path production;
  @TempDir private Path recovery;

  @Test
  void cyclesThatFollowOneAnotherDoNotOverlap() throws IOException {
    journal(production, effect("vm.1", 1, 10), effect("vm.1", 1, 30), effect("vm.1", 2, 40));
    journal(recovery, effect("vm.1", 1, 20), effect("vm.1", 2, 50));

    CycleOverlaps overlaps = CycleOverlaps.read(List.of(production, recovery));

    assertThat(overlaps.cycles()).isEqualTo(2);
    assertThat(overlaps.found()).isEmpty();
  }

  @Test
  void namesACycleThatBeganBeforeTheOneBeforeHadEndedAtTheOtherSite() throws IOException {
    journal(production, effect("vm.1", 1, 10), effect("vm.1", 2, 40));
    journal(recovery, effect("vm.1", 1, 45));

    assertThat(CycleOverlaps.read(List.of(production, recovery)).found())
        .singleElement()
        .asString()
        .contains("cycle 2 of vm.1", "before cycle 1 had ended");
  }

  @Test
  void anOldCycleThatIsStillAtWorkOverlapsAllThatBeganSince() throws IOException {
    journal(
        production,
        effect("vm.1", 1, 10),
        effect("vm.1", 2, 20),
        effect("vm.1", 3, 30),
        effect("vm.1", 1, 40));

    assertThat(CycleOverlaps.read(List.of(production)).found()).hasSize(2);
  }

  @Test
  void cyclesOfDifferentVmsMayBeAtWorkTogether() throws IOException {
    journal(
        production,
        effect("vm.1", 1, 10),
        effect("vm.2", 2, 11),
        effect("vm.1", 1, 12),
        "{\"seq\":4,\"at\":\"2026-01-31T12:00:13Z\",\"kind\":\"written\",\"by\":\"guest\"}",
        "{\"seq\":5,\"at\":\"2026-01-31T12:00:14Z\",\"operationId\":\"cycle/vm.1/2");

    assertThat(CycleOverlaps.read(List.of(production))).isEqualTo(new CycleOverlaps(2, List.of()));
  }

  private static void journal(Path site, String... lines) throws IOException {
    Files.write(site.resolve("effects.jsonl"), List.of(lines));
  }

  private static String effect(String replica, int cycle, int second) {
    return "{\"seq\":1,\"at\":\"2026-01-31T12:00:%02dZ\",\"kind\":\"snapshot\",\"operationId\":\"cycle/%s/%d\"}"
        .formatted(second, replica, cycle);
  }
}
