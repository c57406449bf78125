/** Java-WebSocket without tank-ws. */
package io.tankws.benchmarks.javawebsocket;
