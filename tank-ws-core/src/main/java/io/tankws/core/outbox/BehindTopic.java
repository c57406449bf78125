package io.tankws.core.outbox;

import io.tankws.StreamPosition;

/** A topic on which one client is behind, or was until its last page. Guarded by the lock of the {@link Outbox}. */
final class BehindTopic {
    /** Number of publications in the first page. Pages grow while they fit into the outbox. */
    private static final int FIRST_PAGE = 16;

    final String name;
    /** Position of the last publication that the client has or that waits for it. */
    StreamPosition position;
    /** Offset of the newest publication that was dropped. */
    private long newestDropped;
    /** True if a publication of another epoch was dropped, which no offset can be compared with. */
    private boolean epochChanged;
    /** True if the client has everything up to {@link #position}, so that it takes the next live publication. */
    private boolean live;

    /** True if the history has lost publications that the client missed, so that its subscription ends. */
    private boolean abandoned;

    int pageSize = FIRST_PAGE;

    BehindTopic(String name, StreamPosition position) {
        this.name = name;
        this.position = position;
    }

    boolean isLive() {
        return live;
    }

    /** Returns whether pages are to be read. */
    boolean isBehind() {
        return !live && !abandoned;
    }

    void abandon() {
        abandoned = true;
    }

    /** Records a publication that was dropped before it entered the queue. */
    void skipped(TopicPosition publication) {
        if (publication.isOfEpoch(position)) {
            newestDropped = Math.max(newestDropped, publication.offset());
        } else {
            epochChanged = true;
        }
    }

    /** Records a publication that was dropped from the queue, so that reading begins with it or earlier. */
    void dropped(TopicPosition publication) {
        skipped(publication);
        live = false;
        if (publication.isOfEpoch(position) && publication.offset() <= position.offset()) {
            position = publication.before();
        }
    }

    /** Returns whether a live publication is part of the pages that were queued. */
    boolean contains(TopicPosition publication) {
        return publication.isOfEpoch(position) && publication.offset() <= position.offset();
    }

    /** Returns to live delivery unless publications were dropped after the last page. */
    boolean tryReturn() {
        live = !epochChanged && position.offset() >= newestDropped;
        return live;
    }
}
