package io.switchback.worker.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.port.Payloads;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoReportTest {

  @Test
  void printsEveryPromisedNameAndNoOther() {
    DemoReport report =
        new DemoReport(
            new DemoReport.Temporal("in-process", "127.0.0.1:7233", null),
            1.5,
            List.of(new DemoReport.Figures("web-01", "PartialFailover", 1, 2, 0, 3, 4, true)),
            new DemoReport.Failback("web-02", 5, 6, 7, 0, true));
    assertThat(Payloads.mapper().writeValueAsString(report))
        .isEqualTo(
            "{\"temporal\":{\"kind\":\"in-process\",\"address\":\"127.0.0.1:7233\",\"ui\":null},"
                + "\"seconds\":1.5,"
                + "\"vms\":[{\"vm\":\"web-01\",\"operation\":\"PartialFailover\",\"rpoSeconds\":1.0,"
                + "\"rpoRecords\":2,\"recordsLost\":0,\"rtoSeconds\":3.0,\"bytesMoved\":4,\"verified\":true}],"
                + "\"failback\":{\"vm\":\"web-02\",\"bytesRoundOne\":5,\"bytesRoundTwo\":6,"
                + "\"downtimeSeconds\":7.0,\"recordsLost\":0,\"verified\":true}}");
  }

  @Test
  void isNotGoodWhenSomethingWasLostOnTheWayHome() {
    DemoReport.Figures good =
        new DemoReport.Figures("web-01", "PartialFailover", 1, 2, 0, 3, 4, true);
    DemoReport.Temporal temporal = new DemoReport.Temporal("in-process", "127.0.0.1:7233", null);
    assertThat(
            new DemoReport(
                    temporal, 1, List.of(good), new DemoReport.Failback("web-02", 5, 6, 7, 0, true))
                .allGood())
        .isTrue();
    assertThat(
            new DemoReport(
                    temporal, 1, List.of(good), new DemoReport.Failback("web-02", 5, 6, 7, 1, true))
                .allGood())
        .isFalse();
  }
}
