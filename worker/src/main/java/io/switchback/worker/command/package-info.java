/** The command line: one class per command, each a thin skin over what it starts or asks. */
@NullMarked
package io.switchback.worker.command;

import org.jspecify.annotations.NullMarked;
