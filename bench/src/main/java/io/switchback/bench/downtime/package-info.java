/** How long nothing serves while a replica is switched over to production. */
@NullMarked
package io.switchback.bench.downtime;

import org.jspecify.annotations.NullMarked;
