package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.Fence;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FencePageTest {
  private static final Fence FENCE = new Fence(1, 7, 3, 1);

  @Test
  void isReadAsItWasWritten() {
    FencePage page =
        new FencePage(17, Map.of("1f0a77c2", FENCE, "9b2d4e01", new Fence(2, 1, 5, 2)));

    assertThat(page.text()).isEqualTo("17 1f0a77c2=1.7.3.1 9b2d4e01=2.1.5.2");
    assertThat(FencePage.parse(page.text())).isEqualTo(page);
  }

  @Test
  void takesForeignTextForNone() {
    FencePage none = new FencePage(0, Map.of());

    assertThat(FencePage.parse("")).isEqualTo(none);
    assertThat(FencePage.parse("ask Ada before you change this")).isEqualTo(none);
    assertThat(FencePage.parse("3 a=b =1.7.3.1 1f0a77c2")).isEqualTo(new FencePage(3, Map.of()));
  }

  @Test
  void holdsNoMoreThanAnAttributeDoes() {
    FencePage page = new FencePage(1, Map.of());
    for (Optional<FencePage> more = Optional.of(page); more.isPresent(); ) {
      page = more.get();
      more = page.with(Mark.of("drill/" + page.fences().size()), FENCE);
    }

    assertThat(page.fences()).hasSize(14);
    assertThat(page.text()).hasSizeLessThanOrEqualTo(Attribute.MOST);
    assertThat(page.with(Mark.of("drill/0"), new Fence(1, 8, 3, 1)))
        .as("what is there already takes no more room")
        .isPresent();
  }
}
