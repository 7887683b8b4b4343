/** What operators say of sites, and where this machine finds the credentials for them. */
@NullMarked
package io.switchback.worker.site;

import org.jspecify.annotations.NullMarked;
