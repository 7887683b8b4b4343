package io.switchback.port;

/** The site in memory keeps every promise about break-glass sheets. */
final class FakeSheetContractTest extends SheetContract {
  @Override
  protected SheetFixture open() {
    return new FakeSheetFixture(FakeSheetActivities::new);
  }
}
