namespace ReleaseDashboard.Core.Secrets;

/// <summary>Encryption at rest (AES-256-GCM) with the key file in the data directory. Text in, text out; the key never leaves the room.</summary>
public interface ISecretVault
{
    string Protect(string clear);

    /// <summary>Throws <see cref="System.Security.Cryptography.CryptographicException"/> for text another key made.</summary>
    string Unprotect(string secret);
}
