/** Executors, deadlines and locks that the other packages share. */
package io.tankws.core.concurrent;
