/** Executors, deadlines and locks that the other packages share. */
@NullMarked
package io.tankws.core.concurrent;

import org.jspecify.annotations.NullMarked;
