package io.switchback.operation;

import io.switchback.operation.SiteLogin.Side;
import java.util.List;

/**
 * What a check of sites found.
 *
 * @param verdict in a sentence
 * @param canRecover whether every login works that a failover needs
 * @param canReplicate whether those work, too, that following production needs
 */
public record SiteCheckResult(
    String verdict, boolean canRecover, boolean canReplicate, List<SiteLogin> logins) {
  public SiteCheckResult {
    logins = List.copyOf(logins);
  }

  static SiteCheckResult of(List<SiteLogin> logins) {
    boolean canRecover = work(logins, Side.RECOVERY);
    boolean canReplicate = work(logins, Side.PRODUCTION);
    return new SiteCheckResult(verdict(canRecover, canReplicate), canRecover, canReplicate, logins);
  }

  private static boolean work(List<SiteLogin> logins, Side side) {
    return logins.stream().filter(login -> login.side() == side).allMatch(SiteLogin::works);
  }

  private static String verdict(boolean canRecover, boolean canReplicate) {
    if (!canRecover) {
      return "Not every recovery site can be used: a failover there would fail or park.";
    }
    return canReplicate
        ? "Every site can be used."
        : "Every recovery site can be used; at production something stands in the way, so replication"
            + " does not go on.";
  }
}
