using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ReleaseDashboard.Core.Secrets;

/// <summary>AES-256-GCM. What it makes is <c>v1:</c> + base64 of nonce, tag and cipher text.</summary>
internal sealed class SecretVault(IOptions<CoreOptions> options) : ISecretVault
{
    private const string Version = "v1:";
    private const int KeyBytes = 32;

    private readonly Lazy<byte[]> _key = new(() => SecretKeyFile.ReadOrCreate(Path.Combine(options.Value.DataDirectory, "keys", "secret.key"), KeyBytes), LazyThreadSafetyMode.PublicationOnly);

    public string Protect(string clear)
    {
        var text = Encoding.UTF8.GetBytes(clear);
        var sealed_ = new byte[AesGcm.NonceByteSizes.MaxSize + AesGcm.TagByteSizes.MaxSize + text.Length];
        var nonce = sealed_.AsSpan(0, AesGcm.NonceByteSizes.MaxSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key.Value, AesGcm.TagByteSizes.MaxSize);
        aes.Encrypt(nonce, text, sealed_.AsSpan(nonce.Length + AesGcm.TagByteSizes.MaxSize), sealed_.AsSpan(nonce.Length, AesGcm.TagByteSizes.MaxSize), Encoding.ASCII.GetBytes(Version));
        return Version + Convert.ToBase64String(sealed_);
    }

    public string Unprotect(string secret)
    {
        const int head = 12 + 16;
        if (!secret.StartsWith(Version, StringComparison.Ordinal)) throw new CryptographicException("This text was not made by the secret vault.");
        var sealed_ = new byte[secret.Length];
        if (!Convert.TryFromBase64String(secret[Version.Length..], sealed_, out var length) || length < head) throw new CryptographicException("This secret is damaged.");
        var text = new byte[length - head];
        using var aes = new AesGcm(_key.Value, AesGcm.TagByteSizes.MaxSize);
        try
        {
            aes.Decrypt(sealed_.AsSpan(0, 12), sealed_.AsSpan(head, length - head), sealed_.AsSpan(12, 16), text, Encoding.ASCII.GetBytes(Version));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new CryptographicException("This secret was made with another key, or is damaged. Restore keys/secret.key of the data directory it was made in.", e);
        }
        return Encoding.UTF8.GetString(text);
    }
}
