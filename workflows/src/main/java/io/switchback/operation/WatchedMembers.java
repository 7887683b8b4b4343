package io.switchback.operation;

import org.jspecify.annotations.Nullable;

/** What every run over many members offers: they are watched and answered here. */
abstract class WatchedMembers implements MemberWatch {
  final Members members;

  WatchedMembers(Members members) {
    this.members = members;
  }

  @Override
  public final OperationStatus status() {
    return members.status();
  }

  @Override
  public final String answer(@Nullable Answer answer) {
    return members.answer(answer);
  }

  @Override
  public final void validateAnswer(@Nullable Answer answer) {
    members.validate(answer);
  }

  @Override
  public final void memberReports(MemberReport report) {
    members.reports(report);
  }
}
