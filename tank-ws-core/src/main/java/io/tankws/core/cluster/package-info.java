/** The part of a node in a cluster: messages to and from the other nodes, gaps and counts. */
package io.tankws.core.cluster;
