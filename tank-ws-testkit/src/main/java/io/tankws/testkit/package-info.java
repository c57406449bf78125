/** A transport without sockets, a client that does exactly what a test says, and waiting for conditions. */
package io.tankws.testkit;
