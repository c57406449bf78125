package io.tankws.core;

import io.tankws.Frame;
import io.tankws.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages that came together and go to many clients: of one read, or of one call.
 *
 * <p>A client for whom nothing else waits shares its list with all others, which lets a transport see that it has the
 * bytes at hand already. Immutable.
 */
final class Burst {
    final List<Message> messages;
    final List<Frame> frames;
    /** With their headers. */
    final int bytes;

    private Burst(List<Message> messages, List<Frame> frames, int bytes) {
        this.messages = messages;
        this.frames = frames;
        this.bytes = bytes;
    }

    static Burst of(Message message) {
        return new Burst(
                List.of(message), List.of(message.frame()), message.frame().length());
    }

    /** Of at least one message; the list must not change any more. */
    static Burst of(List<Message> messages) {
        if (messages.size() == 1) {
            return of(messages.get(0));
        }
        List<Frame> frames = new ArrayList<>(messages.size());
        int bytes = 0;
        for (Message message : messages) {
            frames.add(message.frame());
            bytes += message.frame().length();
        }
        return new Burst(messages, frames, bytes);
    }

    int size() {
        return messages.size();
    }
}
