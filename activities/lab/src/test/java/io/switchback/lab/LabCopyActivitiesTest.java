package io.switchback.lab;

import io.switchback.port.CopyContract;
import io.switchback.port.CopyFixture;
import java.io.IOException;

/** A lab site keeps every promise of copies. */
final class LabCopyActivitiesTest extends CopyContract {
  @Override
  protected CopyFixture open() throws IOException {
    return new LabCopyFixture();
  }
}
