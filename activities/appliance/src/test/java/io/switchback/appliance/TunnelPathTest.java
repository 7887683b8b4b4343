package io.switchback.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.appliance.gateway.Endpoint;
import org.junit.jupiter.api.Test;

/** How large segments may be so that packets fit a way. */
class TunnelPathTest {
  private static final Endpoint DOOR = Endpoint.parse("192.0.2.1:443");

  @Test
  void leavesRoomForWhatIsPutAround() {
    TunnelPath path = new TunnelPath(DOOR, 1500);

    assertThat(path.outerSegmentBytes()).isEqualTo(1460);
    // TCP's timestamps 12, TLS 22, OpenVPN 26, Ethernet 14, IP and TCP within 40.
    assertThat(path.innerSegmentBytes()).isEqualTo(1460 - 12 - 22 - 26 - 14 - 40);
    assertThat(new TunnelPath(Endpoint.parse("[2001:db8::1]:443"), 1500).outerSegmentBytes())
        .isEqualTo(1440);
  }

  @Test
  void refusesWhatNoWayHas() {
    assertThatThrownBy(() -> new TunnelPath(DOOR, 575)).hasMessageContaining("576 to 65535");
  }
}
