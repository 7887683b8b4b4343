/** Records refuse what is wrong, and travel as JSON. */
@NullMarked
package io.switchback.model;

import org.jspecify.annotations.NullMarked;
