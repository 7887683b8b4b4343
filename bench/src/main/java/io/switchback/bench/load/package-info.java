/** Many replication loops at once: do they keep their schedule, and what do the services bear? */
@NullMarked
package io.switchback.bench.load;

import org.jspecify.annotations.NullMarked;
