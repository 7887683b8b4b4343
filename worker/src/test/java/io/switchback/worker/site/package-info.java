/** Tests of sites' settings and credentials. */
@NullMarked
package io.switchback.worker.site;

import org.jspecify.annotations.NullMarked;
