/** The part of a node in a cluster: messages to and from the other nodes, gaps and counts. */
@NullMarked
package io.tankws.core.cluster;

import org.jspecify.annotations.NullMarked;
