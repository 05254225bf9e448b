/**
 * The programs that HTCondor runs, each with its {@code main}: reads an ad and its arguments,
 * decides, prints the answer once.
 *
 * <ul>
 *   <li>{@code PrepareJob}: NodeJobCheck, AssignedGpus, AcceleratorChoice, StoredFiles, NodeLaunch,
 *       NodeScratch are its steps, LaunchHost what it is told, Refusal what it answers
 *   <li>{@code Advertise}: PadWatch does it with Fetches, WantedImage, StagingErrors and
 *       LastPublished; PadAd is what it says, AdvertiseHost what it is told
 *   <li>{@code JobExit}, {@code Size}: whole, each in its class
 *   <li>{@code Samples}: what make-aot-cache lets the others run over
 * </ul>
 *
 * <p>All get their process from HookIo and their arguments from HookArguments, those of a PAD host
 * by PadOption. All but Size and Samples start for every node or every few seconds
 * (docs/decisions/0103).
 */
@NullMarked
package org.vocluster.hook;

import org.jspecify.annotations.NullMarked;
