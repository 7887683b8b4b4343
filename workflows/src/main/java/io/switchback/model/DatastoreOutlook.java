package io.switchback.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a datastore has room, as it fills now.
 *
 * @param fullIn null while it does not fill, or too little was seen to tell
 */
public record DatastoreOutlook(
    String site, String datastore, long capacityBytes, long freeBytes, @Nullable Duration fullIn) {
  public DatastoreOutlook {
    new Mistakes().required(site, "site").required(datastore, "datastore").refuse("outlook");
  }
}
