/** Netty as somebody would use it who wants nothing but speed. */
package io.tankws.benchmarks.netty;
