package io.switchback.transfer;

import io.switchback.delta.Outlook;
import io.switchback.delta.TransferBook;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.TransferProgress;
import io.switchback.operation.Replication;
import io.switchback.port.TransferActivities.Progress;
import io.switchback.port.TransferActivities.TransferDisk;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.api.common.v1.WorkflowExecution;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how far the transfer is that the calling thread's activity runs: in each heartbeat, in this
 * worker's book, and now and then to the workflow that waits for it.
 */
final class TransferReport implements TransferObserver {
  private static final Logger LOG = LoggerFactory.getLogger(TransferReport.class);

  private final TransferDisk request;
  private final TransferBook.Entry book;
  private final ActivityExecutionContext context = Activity.getExecutionContext();
  private final ProgressNews news = new ProgressNews(System.nanoTime());

  TransferReport(TransferDisk request, TransferBook.Entry book) {
    this.request = request;
    this.book = book;
  }

  @Override
  public void progressed(TransferProgress now) {
    book.progressed(now);
    Progress progress = progress(now);
    context.heartbeat(progress);
    if (news.isDue(System.nanoTime(), progress.percent())) {
      tell(progress);
    }
  }

  private Progress progress(TransferProgress now) {
    Outlook outlook = now.outlook();
    return new Progress(
        request.recovery(),
        request.disk().recoveryDisk(),
        now.readBytes(),
        now.sentBytes(),
        now.totalBytes(),
        outlook.percent(),
        outlook.bytesPerSecond(),
        outlook.remaining().map(java.time.Duration::toSeconds).orElse(null));
  }

  private void tell(Progress progress) {
    ActivityInfo info = context.getInfo();
    try {
      context
          .getWorkflowClient()
          .newUntypedWorkflowStub(
              WorkflowExecution.newBuilder()
                  .setWorkflowId(info.getWorkflowId())
                  .setRunId(info.getRunId())
                  .build(),
              Optional.empty())
          .signal(Replication.PROGRESSED, progress);
    } catch (RuntimeException untold) {
      // It is for people: the copy goes on, and the next heartbeat tells the same.
      LOG.debug("the loop did not hear how far a transfer is", untold);
    }
  }
}
