package io.switchback.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.Pace;
import io.switchback.model.Replica;
import io.switchback.port.AdmissionActivities.Admit;
import io.switchback.port.AdmissionActivities.Cap;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EstateIT {
  @Test
  void showsWhatStandsAndWhoHoldsIt() {
    try (TestRegistry estate = new TestRegistry()) {
      Replica web = estate.ready("web");
      estate.seeding("db");
      estate.failover(web, "op");
      estate.admission.admit(new Admit("dr", Cap.STARTING, "op", Duration.ofMinutes(1)));

      EstateView view = new Estate(estate.database).read(10);

      assertThat(view.generation()).isEqualTo(1);
      assertThat(view.sites())
          .contains(new EstateView.SiteView("dr", Pace.DEFAULT, 1, 3, 0, 10))
          .hasSize(3);
      assertThat(view.replicas())
          .extracting(replica -> replica.replica().name())
          .containsExactly("db", "web");
      EstateView.ReplicaView shown = view.replicas().getLast();
      assertThat(shown.replica()).isEqualTo(web);
      assertThat(shown.claim().workflowId()).isEqualTo("replica/" + web.id());
      assertThat(shown.points()).hasSize(1);
      assertThat(shown.newestPointAge())
          .isBetween(Duration.ZERO, Duration.between(Instant.EPOCH, Instant.MAX));
      assertThat(view.replicas().getFirst().newestPointAge()).isNull();
      assertThat(view.replicas().getFirst().claim()).isNull();
    }
  }
}
