package io.switchback.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.appliance.TunnelBook.TunnelFigures;
import io.switchback.delta.Outlook;
import io.switchback.delta.TransferBook;
import io.switchback.delta.TransferFigures;
import io.switchback.delta.TransferProgress;
import io.switchback.delta.TransferProgress.Phase;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.DatastoreOutlook;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkPair;
import io.switchback.model.NetworkPair.Member;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.Side;
import io.switchback.port.NetworkExtensionActivities.SideState;
import io.switchback.registry.EstateFigures;
import io.switchback.registry.EstateView.NetworkView;
import io.switchback.registry.ReplicationFigures.Figure;
import io.switchback.worker.rate.SiteShare;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What Prometheus reads, over HTTP. */
class MetricsEndpointTest {
  @Test
  void tellsTheAgeOfEveryVmsNewestPointBesideItsObjective() throws Exception {
    HttpResponse<String> answer =
        scrape(
            () ->
                new EstateFigures(
                    List.of(
                        figure("web-01", ReplicaState.READY, Duration.ofMillis(90_500), false),
                        figure("db-01", ReplicaState.FAILOVER, Duration.ofMinutes(30), true),
                        figure("new-01", ReplicaState.SEEDING, null, false)),
                    List.of(),
                    List.of()));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(answer.body().lines())
        .contains(
            "# TYPE switchback_rpo_seconds gauge",
            "switchback_rpo_seconds{replica=\"id-web-01\",site=\"berlin\",state=\"READY\",vm=\"web-01\"} 90.5",
            "switchback_rpo_seconds{replica=\"id-db-01\",site=\"berlin\",state=\"FAILOVER\",vm=\"db-01\"} 1800.0",
            "switchback_rpo_objective_seconds{replica=\"id-web-01\",site=\"berlin\",vm=\"web-01\"} 1800.0",
            "switchback_rpo_objective_seconds{replica=\"id-new-01\",site=\"berlin\",vm=\"new-01\"} 1800.0",
            "switchback_replication_held{replica=\"id-db-01\",site=\"berlin\",vm=\"db-01\"} 1.0",
            "switchback_replication_held{replica=\"id-web-01\",site=\"berlin\",vm=\"web-01\"} 0.0",
            "# TYPE switchback_restore_points_total counter",
            "switchback_restore_points_total{replica=\"id-web-01\",site=\"berlin\",vm=\"web-01\"} 7.0",
            "switchback_replication_sent_bytes_total{replica=\"id-web-01\",site=\"berlin\",vm=\"web-01\"} 4096.0",
            "switchback_registry_up 1.0")
        .noneMatch(line -> line.startsWith("switchback_rpo_seconds") && line.contains("new-01"));
  }

  @Test
  void tellsWhenADatastoreIsFullOnlyWhereItFills() throws Exception {
    String body =
        scrape(
                () ->
                    new EstateFigures(
                        List.of(),
                        List.of(
                            new DatastoreOutlook(
                                "munich", "fast", 1 << 30, 1 << 20, Duration.ofHours(7)),
                            new DatastoreOutlook("munich", "slow", 1 << 30, 1 << 20, null)),
                        List.of()))
            .body();

    assertThat(body.lines())
        .contains(
            "switchback_datastore_full_seconds{datastore=\"fast\",site=\"munich\"} 25200.0",
            "switchback_datastore_free_bytes{datastore=\"slow\",site=\"munich\"} 1048576.0")
        .noneMatch(line -> line.contains("full_seconds") && line.contains("slow"));
  }

  @Test
  void saysThatTheRegistryIsAwayInsteadOfFailing() throws Exception {
    HttpResponse<String> answer =
        scrape(
            () -> {
              throw new FaultException(Fault.REGISTRY_UNAVAILABLE, "Could not reach the registry.");
            });

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body().lines())
        .contains("switchback_registry_up 0.0")
        .noneMatch(line -> line.startsWith("switchback_rpo"));
  }

  @Test
  void forgetsAVmThatIsNotProtectedAnyMore() throws Exception {
    List<Figure> protectedOnes =
        new java.util.ArrayList<>(
            List.of(figure("web-01", ReplicaState.READY, Duration.ofSeconds(1), false)));
    try (MetricsEndpoint endpoint =
        MetricsEndpoint.start(
            0,
            Optional.of(() -> new EstateFigures(protectedOnes, List.of(), List.of())),
            new TransferBook(),
            List::of,
            List::of)) {
      assertThat(read(endpoint).body()).contains("web-01");
      protectedOnes.clear();
      assertThat(read(endpoint).body()).doesNotContain("web-01");
    }
  }

  @Test
  void tellsWhatTheTransfersOfThisWorkerMove() throws Exception {
    TransferBook book = new TransferBook();
    TransferFigures figures = new TransferFigures(4000, 8000, 16, 900, 1000, 512, 256);
    try (MetricsEndpoint endpoint =
            MetricsEndpoint.start(0, Optional.empty(), book, List::of, List::of);
        TransferBook.Entry web =
            book.begin(new TransferBook.Sites("berlin", "munich"), "web-01", "disk-0")) {
      Outlook outlook = new Outlook(42, 118, Optional.of(Duration.ofMinutes(3)));
      web.progressed(new TransferProgress(Phase.COPY, 10, 20, figures, outlook));
      String sites = "from=\"berlin\",to=\"munich\"";
      String one = "disk=\"disk-0\"," + sites + ",vm=\"web-01\"";
      assertThat(read(endpoint).body().lines())
          .as("of a worker that never asks the registry")
          .contains(
              "switchback_transfer_read_bytes_total{" + sites + "} 4000.0",
              "switchback_transfer_compared_bytes_total{" + sites + "} 8000.0",
              "switchback_transfer_sent_bytes_total{" + sites + "} 900.0",
              "switchback_transfer_written_bytes_total{" + sites + "} 1000.0",
              "switchback_transfer_digest_bytes_total{" + sites + "} 16.0",
              "switchback_transfer_digest_ratio{" + sites + "} 0.002",
              "switchback_transfer_rate{" + one + "} 118.0",
              "switchback_transfer_percent{" + one + "} 42.0",
              "switchback_transfer_read_ahead_bytes{" + one + "} 512.0",
              "switchback_transfer_under_way_bytes{" + one + "} 256.0")
          .noneMatch(line -> line.startsWith("switchback_registry"));
      web.close();
      assertThat(read(endpoint).body())
          .contains("switchback_transfer_read_bytes_total{" + sites + "} 4000.0")
          .doesNotContain("web-01");
    }
  }

  @Test
  void tellsWhatPartOfASitesRateThisWorkerMayTake() throws Exception {
    SiteShare share = new SiteShare("munich", 3, 1_000_000, 7);
    try (MetricsEndpoint endpoint =
        MetricsEndpoint.start(
            0, Optional.empty(), new TransferBook(), () -> List.of(share), List::of)) {
      assertThat(read(endpoint).body().lines())
          .contains(
              "switchback_site_rate_bytes{site=\"munich\"} 1000000.0",
              "switchback_site_rate_workers{site=\"munich\"} 3.0",
              "switchback_site_rate_looks_failed_total{site=\"munich\"} 7.0");
    }
  }

  @Test
  void tellsWhatThisWorkerHasSeenOfTunnels() throws Exception {
    TunnelFigures up =
        new TunnelFigures(
            3,
            "lan",
            "berlin",
            Side.PRODUCTION,
            true,
            30,
            27,
            Duration.ofMillis(12),
            Instant.EPOCH);
    TunnelFigures down =
        new TunnelFigures(
            3, "lan", "munich", Side.RECOVERY, false, 3, 0, Duration.ZERO, Instant.EPOCH);
    try (MetricsEndpoint endpoint =
        MetricsEndpoint.start(
            0, Optional.empty(), new TransferBook(), List::of, () -> List.of(up, down))) {
      String here = "{network=\"lan\",pair=\"3\",side=\"production\",site=\"berlin\"}";
      String there = "{network=\"lan\",pair=\"3\",side=\"recovery\",site=\"munich\"}";
      assertThat(read(endpoint).body().lines())
          .contains(
              "switchback_tunnel_running" + here + " 1.0",
              "switchback_tunnel_pings_total" + here + " 30.0",
              "switchback_tunnel_answers_total" + here + " 27.0",
              "switchback_tunnel_round_trip_seconds" + here + " 0.012",
              "switchback_tunnel_running" + there + " 0.0")
          .noneMatch(line -> line.startsWith("switchback_tunnel_round_trip_seconds" + there));
    }
  }

  @Test
  void tellsHowTheSidesOfAnExtendedNetworkAre() throws Exception {
    NetworkView network =
        new NetworkView(
            new NetworkPair(
                3,
                1,
                "berlin",
                "lan",
                "munich",
                "lan-dr",
                new NetworkExtent("10.0.0.0/24", "", "a", "b", "127.0.0.1:1194", 1194),
                null,
                null,
                List.of(new Member("web-01.1", "web-01", List.of(), 1)),
                false),
            new SideState(Condition.UP, ""),
            new SideState(Condition.DEGRADED, "it does not answer"),
            List.of());

    assertThat(
            scrape(() -> new EstateFigures(List.of(), List.of(), List.of(network))).body().lines())
        .contains(
            "switchback_network_replicas{network=\"lan\",pair=\"3\"} 1.0",
            "switchback_network_up{network=\"lan\",pair=\"3\",side=\"recovery\",site=\"munich\"} 1.0",
            "switchback_network_up{network=\"lan\",pair=\"3\",side=\"production\",site=\"berlin\"} 0.0");
  }

  private static HttpResponse<String> scrape(Supplier<EstateFigures> figures) throws Exception {
    try (MetricsEndpoint endpoint =
        MetricsEndpoint.start(0, Optional.of(figures), new TransferBook(), List::of, List::of)) {
      return read(endpoint);
    }
  }

  private static HttpResponse<String> read(MetricsEndpoint endpoint) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoint.port() + "/metrics"))
              .build(),
          BodyHandlers.ofString());
    }
  }

  private static Figure figure(
      String vm, ReplicaState state, @Nullable Duration age, boolean held) {
    return new Figure("id-" + vm, vm, "berlin", state, age, Duration.ofMinutes(30), 7, 4096, held);
  }
}
