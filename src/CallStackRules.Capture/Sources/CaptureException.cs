namespace CallStackRules.Capture.Sources;

/// <summary>The system refuses to let itself be watched. The message says what is missing and how to grant it.</summary>
/// <param name="message">For the operator.</param>
/// <param name="inner">What the system said.</param>
public sealed class CaptureException(string message, Exception? inner = null) : Exception(message, inner);
