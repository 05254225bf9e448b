package org.vocluster.hook;

/** What can be wrong on a PAD host for a while, in the order in which its ad tells it. */
enum PadFault {
  /** The VOC ads in the collector cannot be asked for. */
  COLLECTOR,
  /** The headers for image servers cannot be read. */
  CREDENTIALS,
  /** The image store cannot be tidied. */
  CACHE,
  /** The kept consoles cannot be tidied. */
  CONSOLES,
  /** What advertise remembers cannot be written. */
  STATE
}
