package io.switchback.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Reading what an appliance says of an end. */
class TunnelViewTest {
  @Test
  void readsWhatIsThere() {
    TunnelView view =
        TunnelView.parse(
            """
            Welcome to appliance 7!
            process 42
            route default via 169.254.7.1 dev swb7\s
            lacks rule from all to 10.0.0.9 iif swb7 lookup 21307
            log 2026-11-22 10:00:00 172.31.77.1:40012 VERIFY ERROR: depth=0, certificate has expired
            peer 3 2 1.250
            """);

    assertThat(view.present())
        .containsExactly("process 42", "route default via 169.254.7.1 dev swb7");
    assertThat(view.lacking()).containsExactly("rule from all to 10.0.0.9 iif swb7 lookup 21307");
    assertThat(view.isWhole()).isFalse();
    assertThat(view.peer()).contains(new TunnelView.Peer(3, 2, Duration.ofNanos(1_250_000)));
    assertThat(view.lastWord()).isEqualTo("VERIFY ERROR: depth=0, certificate has expired");
    assertThat(view.isRunning()).isTrue();
    assertThat(view.isUp()).isTrue();
  }

  @Test
  void nothingIsNothing() {
    TunnelView view = TunnelView.parse("");

    assertThat(view.present()).isEmpty();
    assertThat(view.peer()).isEmpty();
    assertThat(view.isRunning()).isFalse();
    assertThat(view.isWhole()).isTrue();
    assertThat(view.isUp()).isFalse();
    assertThat(TunnelView.parse("peer 3 0 0").isUp()).isFalse();
  }
}
