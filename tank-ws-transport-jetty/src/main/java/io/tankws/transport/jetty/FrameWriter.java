package io.tankws.transport.jetty;

import io.tankws.Frame;
import io.tankws.spi.Connection.WriteCallback;
import java.util.List;

/** The way from a connection to its socket: one write at a time, as in {@link io.tankws.spi.Connection#write}. */
@FunctionalInterface
interface FrameWriter {
    boolean write(List<Frame> frames, WriteCallback callback);
}
