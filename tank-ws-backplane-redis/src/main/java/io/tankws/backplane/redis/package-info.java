/** Carries messages between the nodes of a cluster over Redis or Valkey. */
package io.tankws.backplane.redis;
