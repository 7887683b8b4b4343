package io.switchback.port;

import io.switchback.model.Replica;
import io.switchback.model.Sheet;
import java.util.Objects;

/** Break-glass sheets of a {@link FakeSite}. */
class FakeSheetActivities implements SheetActivities {
  final FakeSite site;

  FakeSheetActivities(FakeSite site) {
    this.site = site;
  }

  @Override
  public Done writeSheet(WriteSheet request) {
    Replica replica = request.sheet().replica();
    return site.script()
        .run(
            "writeSheet",
            replica.recovery().id(),
            () -> {
              synchronized (site) {
                FakeVm vm = admitWriter(request);
                String page = page(request.sheet(), vm);
                boolean changed = !Objects.equals(page, site.sheets().put(replica.id(), page));
                return new Done(changed, Attempts.current());
              }
            });
  }

  FakeVm admitWriter(WriteSheet request) {
    return site.vm(request.sheet().replica().recovery(), request.mandate());
  }

  String page(Sheet sheet, FakeVm vm) {
    StringBuilder page = new StringBuilder("vm " + vm.ref.id() + "\n");
    vm.disks.keySet().forEach(disk -> page.append("disk ").append(disk).append('\n'));
    sheet
        .restorePoints()
        .forEach(
            point ->
                page.append(
                    "point %s %s %s\n".formatted(point.id(), point.takenAt(), point.snapshot())));
    sheet.replica().networks().forEach(net -> page.append("network ").append(net).append('\n'));
    return page.append("start ").append(vm.ref.id()).append('\n').toString();
  }

  @Override
  public Done removeSheet(RemoveSheet request) {
    return site.script()
        .run(
            "removeSheet",
            request.replica().recovery().id(),
            () -> {
              synchronized (site) {
                site.answer();
                if (site.all().stream()
                    .anyMatch(vm -> vm.ref.id().equals(request.replica().recovery().id()))) {
                  var _ = site.vm(request.replica().recovery(), request.mandate());
                }
                return new Done(remove(request.replica().id()), Attempts.current());
              }
            });
  }

  boolean remove(String replicaId) {
    return site.sheets().remove(replicaId) != null;
  }
}
