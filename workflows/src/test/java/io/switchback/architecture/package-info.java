/** The rules that the module's house is built by. */
@NullMarked
package io.switchback.architecture;

import org.jspecify.annotations.NullMarked;
