package io.switchback.worker.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.port.Payloads;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DemoReportTest {

  @Test
  void printsEveryPromisedNameAndNoOther() {
    DemoReport report =
        new DemoReport(
            new DemoReport.Temporal("in-process", "127.0.0.1:7233", null),
            1.5,
            List.of(new DemoReport.Figures("web-01", "PartialFailover", 1, 2, 0, 3, 4, true)),
            new DemoReport.Failback("web-02", 5, 6, 7, 0, true),
            new DemoReport.Network(64, 62, 64, 0, 8.5, List.of()));
    assertThat(Payloads.mapper().writeValueAsString(report))
        .isEqualTo(
            "{\"temporal\":{\"kind\":\"in-process\",\"address\":\"127.0.0.1:7233\",\"ui\":null},"
                + "\"seconds\":1.5,"
                + "\"vms\":[{\"vm\":\"web-01\",\"operation\":\"PartialFailover\",\"rpoSeconds\":1.0,"
                + "\"rpoRecords\":2,\"recordsLost\":0,\"rtoSeconds\":3.0,\"bytesMoved\":4,\"verified\":true}],"
                + "\"failback\":{\"vm\":\"web-02\",\"bytesRoundOne\":5,\"bytesRoundTwo\":6,"
                + "\"downtimeSeconds\":7.0,\"recordsLost\":0,\"verified\":true},"
                + "\"network\":{\"ttlBefore\":64,\"ttlDuring\":62,\"ttlAfter\":64,"
                + "\"lossPercent\":0.0,\"secondsToFirstAnswer\":8.5,\"leftovers\":[]}}");
  }

  @Test
  void isNotGoodWhenSomethingWasLostOnTheWayHome() {
    assertThat(report(0, null).allGood()).isTrue();
    assertThat(report(1, null).allGood()).isFalse();
  }

  @Test
  void isNotGoodWhenProductionsNetworkSawAnythingElse() {
    assertThat(report(0, new DemoReport.Network(64, 62, 64, 0, 8, List.of())).allGood()).isTrue();
    assertThat(report(0, new DemoReport.Network(64, 64, 64, 0, 8, List.of())).allGood()).isFalse();
    assertThat(report(0, new DemoReport.Network(64, 62, 0, 0, 8, List.of())).allGood()).isFalse();
    assertThat(report(0, new DemoReport.Network(64, 62, 64, 1, 8, List.of())).allGood()).isFalse();
    assertThat(report(0, new DemoReport.Network(64, 62, 64, 0, 8, List.of("swb1"))).allGood())
        .isFalse();
  }

  @Test
  void saysThatThereWasNoNetwork() {
    assertThat(Payloads.mapper().writeValueAsString(report(0, null)))
        .endsWith(",\"network\":null}");
  }

  private static DemoReport report(long lostAtHome, DemoReport.@Nullable Network network) {
    return new DemoReport(
        new DemoReport.Temporal("in-process", "127.0.0.1:7233", null),
        1,
        List.of(new DemoReport.Figures("web-01", "PartialFailover", 1, 2, 0, 3, 4, true)),
        new DemoReport.Failback("web-02", 5, 6, 7, lostAtHome, true),
        network);
  }
}
