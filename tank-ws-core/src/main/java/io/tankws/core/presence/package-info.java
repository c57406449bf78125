/** The members of topics on one node, and their join and leave events. */
@NullMarked
package io.tankws.core.presence;

import org.jspecify.annotations.NullMarked;
