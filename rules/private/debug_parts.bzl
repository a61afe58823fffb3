"""Debug parts of stripped programs, on their way from what was stripped to an image."""

load("//rules:providers.bzl", "DebugPartsInfo")

def collect_debug_parts(infos, debug = None, reports = None):
    """Puts debug parts together.

    Args:
      infos: (list[DebugPartsInfo]) what there is already.
      debug: (depset[File]) more directories.
      reports: (depset[File]) more reports.

    Returns:
      DebugPartsInfo.
    """
    return DebugPartsInfo(
        debug = depset(transitive = [info.debug for info in infos] + ([debug] if debug else [])),
        reports = depset(transitive = [info.reports for info in infos] + ([reports] if reports else [])),
    )

def debug_parts_of(targets):
    """Puts together what targets have.

    Args:
      targets: (list[Target]) with DebugPartsInfo or without.

    Returns:
      DebugPartsInfo.
    """
    return collect_debug_parts([target[DebugPartsInfo] for target in targets if DebugPartsInfo in target])
