/** The history of topics in memory: the publications that are kept, their positions, and the bounds of both. */
@NullMarked
package io.tankws.core.history;

import org.jspecify.annotations.NullMarked;
