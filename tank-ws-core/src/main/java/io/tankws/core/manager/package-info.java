/** The manager: its builder, its parts and how they are wired, its start and shutdown. */
package io.tankws.core.manager;
