package io.tankws.transport.jetty;

import io.tankws.Frame;
import io.tankws.spi.Connection.WriteCallback;
import java.util.List;

/** Writes one batch of frames at a time, as {@link io.tankws.spi.Connection#write} promises. */
@FunctionalInterface
interface FrameWriter {
    boolean write(List<Frame> frames, WriteCallback callback);
}
